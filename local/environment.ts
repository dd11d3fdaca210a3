/** Names of variables that belong to the system, to Node and its tools, or to a login at Google. */
const NOT_SETTINGS =
  /^(PATH|HOME|PWD|OLDPWD|SHELL|SHLVL|USER|LOGNAME|MAIL|HOSTNAME|HOSTTYPE|OSTYPE|TERM|TERM_\w+|COLORTERM|COLUMNS|LINES|LANG|LANGUAGE|LC_\w+|TMPDIR|TEMP|TMP|TZ|DISPLAY|EDITOR|VISUAL|PAGER|LS_COLORS|PORT|DEBUG|CI|INIT_CWD|NO_COLOR|FORCE_COLOR|(HTTP|HTTPS|ALL|NO|FTP)_PROXY|NODE|NODE_\w+|NPM_\w+|NVM_\w+|JAVA_\w+|SSH_\w+|GPG_\w+|XDG_\w+|DBUS_\w+|GOOGLE_APPLICATION_CREDENTIALS|GOOGLE_CLOUD_\w+|GCLOUD_\w+|GCP_PROJECT|CLOUDSDK_\w+|FIREBASE_\w+|FUNCTION_\w+|FUNCTIONS_\w+|K_\w+|\w+_EMULATOR_(HOST|JAR))$/;

/**
 * Picks the variables of the shell that are settings of functions, as `SEC_CONTACT_EMAIL=me@dev.test npm start` gives
 * one. Names in capitals pass, but for those of the system and of a login at Google: functions here use no real project.
 */
export function passedThrough(env: NodeJS.ProcessEnv): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && /^[A-Z][A-Z0-9_]*$/.test(name) && !NOT_SETTINGS.test(name)) settings[name] = value;
  }
  return settings;
}
