package broker_test

import (
	"testing"
	"time"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
)

// BenchmarkJourney is the whole durable way: authorization request, pages
// parsed by the client, FranceConnect leg, look-up, receipt fsynced, code,
// token, one delivery. Client, simulators and Accord share the process.
func BenchmarkJourney(b *testing.B) {
	c, err := country.Start(b.Context(), country.Options{GuardInterval: time.Second})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	client, err := c.Client(country.Editor, "valbrume-cantine", "cnaf_quotient_familial")
	if err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_, tok, err := c.Token(client, "camille")
			if err != nil {
				b.Error(err)
				return
			}
			if status, _, _, err := headless.Read(c.Accord+quotient+"?recipient="+tok.Recipient, tok.Access); status != 200 {
				b.Errorf("delivery: %d %v", status, err)
				return
			}
		}
	})
}
