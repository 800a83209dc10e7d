package boltstore

import "testing"

func TestNoTwoBucketsShareTheirRows(t *testing.T) {
	seen := map[[2]string]bucketName{}
	for _, b := range buckets() {
		bucket, prefix := b.home()
		if other, taken := seen[[2]string{bucket, prefix}]; taken {
			t.Errorf("%s and %s lie together", b, other)
		}
		seen[[2]string{bucket, prefix}] = b
	}
}
