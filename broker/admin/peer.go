package admin

import (
	"context"
	"net"
)

// nobody is the uid the kernel shows for a user that a user namespace does not
// know: two different persons may both be it.
const nobody = 65534

type peerKey struct{}

// WithPeer keeps, for the requests of a connection, which user opened it; for
// http.Server.ConnContext. The kernel says so (SO_PEERCRED, unix(7)), not the
// client.
func WithPeer(ctx context.Context, c net.Conn) context.Context {
	uid, err := peerUID(c)
	if err != nil {
		return ctx
	}
	return AsPeer(ctx, uid)
}

// AsPeer is WithPeer for a uid that is known.
func AsPeer(ctx context.Context, uid int) context.Context {
	return context.WithValue(ctx, peerKey{}, uid)
}

// Peer is the uid at the other end. ok is false when nobody can tell who it
// is: such a caller may not act.
func Peer(ctx context.Context) (uid int, ok bool) {
	uid, ok = ctx.Value(peerKey{}).(int)
	return uid, ok && uid != nobody
}
