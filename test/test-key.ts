/** The key of tests and golden files: SHA-256 of "standin test key". It protects nothing. */
export const TEST_KEY = "2b6efbf98ca259b9ec1ef2aa47c465162b7c6346974ea11cf759a325601f5f9e";
