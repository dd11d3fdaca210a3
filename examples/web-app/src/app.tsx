import { onAuthStateChanged, type User } from "firebase/auth";
import { useEffect, useState } from "react";
import { auth } from "./firebase.ts";
import { JobsPage } from "./jobs-page.tsx";
import { SignIn } from "./sign-in.tsx";

/** Shows the sign-in page, or the jobs of the signed-in user. */
export function App() {
  const user = useUser();
  if (user === undefined) return null;
  // The key starts a fresh page for another user.
  return user === null ? <SignIn /> : <JobsPage key={user.uid} user={user} />;
}

/** Follows the signed-in user: null without one, undefined until Firebase knows. */
function useUser(): User | null | undefined {
  const [user, setUser] = useState<User | null>();
  useEffect(() => onAuthStateChanged(auth, setUser), []);
  return user;
}
