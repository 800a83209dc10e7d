// Package keyring holds Accord's secrets: it makes them once (accord init, the
// demo), opens them at each start and gives the rest of the broker signers and
// pseudonyms, never a raw key but the epoch keys that seal the store.
//
//	accord init ─ Create ─→ keys folder ─ Open ─→ Ring ─┬ Receipt, ReceiptKeys        receipts (ES256)
//	                                                    ├ SigningKey, Public          ID tokens (ES256, RS256)
//	                                                    ├ LogSigner, LogVerifier      checkpoints (Ed25519)
//	                                                    ├ Citizen, Subject, FCSubHash pseudonyms (HMAC-SHA-256)
//	                                                    └ Epoch, EpochKey             seals of the store, by month
//	accord keys rotate ─ Ring.Rotate: new key durable ─ logged ─ signs ─ old one retired in the log, destroyed
//
// The folder, whose secret files have mode 0400:
//
//	receipt.key.pem       ES256 key of the receipts, PKCS #8
//	receipt.cert.pem      its seal certificate, public
//	idtoken-es256.key.pem ES256 key of the ID tokens, PKCS #8
//	idtoken-rs256.key.pem RSA 3072 key of the ID tokens, PKCS #8
//	log.key               Ed25519 key of the log, note signer text (PRIVATE+KEY+…)
//	citizen.key           K_citizen, 32 bytes in hexadecimal; never rotates
//	pairwise.key          K_pair, 32 bytes in hexadecimal; never rotates
//	epochs/2026-11.key    epoch key of a month, 32 bytes in hexadecimal
//	epochs/2026-11.2.key  its next generation, made for an erasure
//	history.json          every public key since the first day, public
//
// A key that came by a rotation bears its kid: receipt-<kid>.key.pem and
// receipt-<kid>.cert.pem, idtoken-es256-<kid>.key.pem. The last key of a role
// in history.json that is not retired signs; a certificate stays, as its
// receipts do.
//
// The canonical form of a citizen (version 1, frozen: a change would give
// every citizen another pseudonym and lose their receipts) joins by 0x1F:
//
//	| # | member            | form                                            | example          |
//	|---|-------------------|-------------------------------------------------|------------------|
//	| 0 | prefix            | accord-citizen-v1                               |                  |
//	| 1 | birth name        | NFD, Œ→OE, Æ→AE, ß→SS, marks removed, upper     | L'Œuvré → L OEUVRE |
//	|   |                   | case, each run outside A–Z one space, trimmed   |                  |
//	| 2 | first names       | given_name whole, as 1                          | Anne-Zoé → ANNE ZOE |
//	| 3 | birth date        | YYYY-MM-DD, unknown day or month as 01          | 1950-00-00 → 1950-01-01 |
//	| 4 | sex               | F, M or I                                       | female → F       |
//	| 5 | birth place       | INSEE commune code, empty abroad                | 2A004            |
//	| 6 | birth country     | INSEE country code, 99100 for France            | 99100            |
//
// Upper case is Unicode's simple mapping (one code point to one), so that
// every language's implementation can agree. A European (eIDAS) user who
// lacks a member, or whose name has no letter left in A–Z, is issuer ‖ 0x1F ‖
// sub: taking such a person as a pivot with empty members would join two
// persons into one.
package keyring
