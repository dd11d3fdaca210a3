import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type Answer, decode, encode, RECURSION_AVAILABLE, RECURSION_DESIRED } from "dns-packet";

/** The answer for one name: addresses, `CNAME` targets followed by theirs, a failure, or nothing at all. */
export type DnsAnswer =
  | { addresses: string[]; cname?: string }
  | { failure: "NXDOMAIN" | "SERVFAIL" | "REFUSED" }
  | "silence";

export interface DnsServer {
  /** `address:port`, as a resolver takes it. */
  server: string;
  /** The names asked about, one entry for each A question. */
  questions: string[];
  /** Answers a name with these in turn, the last one for ever; a name that was not set does not exist. */
  set(name: string, ...answers: DnsAnswer[]): void;
  stop(): Promise<void>;
}

const RCODES = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 };

/** A name server on loopback under a test's control. An answer counts as one turn for A and AAAA questions together. */
export async function startDnsServer(): Promise<DnsServer> {
  const socket = createSocket("udp4");
  const names = new Map<string, DnsAnswer[]>();
  const turns = new Map<string, number>();
  const questions: string[] = [];

  socket.on("message", (packet, peer) => {
    const query = decode(packet);
    const [question] = query.questions ?? [];
    if (!question) return;
    const { name, type } = question;
    if (type === "A") questions.push(name);
    const answers = names.get(name.toLowerCase()) ?? [{ failure: "NXDOMAIN" }];
    const turn = turns.get(`${name} ${type}`) ?? 0;
    turns.set(`${name} ${type}`, turn + 1);
    const answer = answers[Math.min(turn, answers.length - 1)] ?? "silence";
    if (answer === "silence") return;
    const rcode = "failure" in answer ? RCODES[answer.failure] : 0;
    const records = "failure" in answer ? [] : recordsOf(name, type, answer);
    const flags = RECURSION_DESIRED | RECURSION_AVAILABLE | rcode;
    socket.send(
      encode({ type: "response", id: query.id ?? 0, flags, questions: [question], answers: records }),
      peer.port,
    );
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    server: `127.0.0.1:${socket.address().port}`,
    questions,
    set: (name, ...answers) => void names.set(name, answers),
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function recordsOf(
  name: string,
  type: string,
  { addresses, cname }: { addresses: string[]; cname?: string },
): Answer[] {
  const owner = cname ?? name;
  const alias: Answer[] = cname === undefined ? [] : [{ type: "CNAME", name, ttl: 0, data: cname }];
  const isWanted = (address: string) => (address.includes(":") ? "AAAA" : "A") === type;
  const found = addresses.filter(isWanted).map((data): Answer => {
    return type === "A" ? { type: "A", name: owner, ttl: 0, data } : { type: "AAAA", name: owner, ttl: 0, data };
  });
  return [...alias, ...found];
}
