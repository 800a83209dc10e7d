package visitors

import "context"

type addressKey struct{}

// WithAddress notes the address a request comes from, for who has the request
// alone.
func WithAddress(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, addressKey{}, address)
}

// Address is the one noted, "" outside a request.
func Address(ctx context.Context) string {
	address, _ := ctx.Value(addressKey{}).(string)
	return address
}
