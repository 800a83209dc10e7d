// Package admin is what the operator's machine sees of a running Accord: a
// unix socket only its own user can open (and a group, when the configuration
// names one), and the two health addresses that the public listener answers
// too.
//
//	socket, mode 0600 ─ /livez    the process runs
//	     │            ├ /readyz   store writable, keys loaded: which check fails
//	     │            ├ /metrics  Prometheus text
//	     │            ├ /backup, /export            the store's bytes, the opened log
//	     └ Peer (uid) ┴ /keys/…, /erase…, /extract  acts of operators (broker/operator)
//	public listener   ─ /livez, /readyz without the reasons
//
// A source or FranceConnect being down does not make Accord unready: citizens
// can still refuse, look back and withdraw. No metric carries a label that a
// client, a citizen or a request chose, and none tells a person.
package admin
