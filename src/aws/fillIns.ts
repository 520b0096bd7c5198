/** What a template leaves for somebody to fill in: `<region>`, `{account}`, `REPLACE_ME`, `__REGION__`, `your-role`, `xxxx`. */
const marks =
  /[<>{}]|%\w+%|x{4,}|\*{3}|\.{3}|replace|change[-_ ]?me|your[-_ ]|placeholder|todo|fill[-_ ]?in|__\w+__|@\w+@/i;

export const isFillIn = (text: string): boolean => marks.test(text);
