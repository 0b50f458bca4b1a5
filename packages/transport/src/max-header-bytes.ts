/** Answers with larger headers fail. What is legitimate is far smaller; Node.js stops at 16 KiB, which warnings can fill. */
export const MaxHeaderBytes: number = 256 * 1024;
