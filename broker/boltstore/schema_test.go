package boltstore

import "testing"

func TestNoTwoBucketsShareTheirRows(t *testing.T) {
	seen := map[[2]string]bucketName{}
	for _, b := range []bucketName{
		metaBucket, sealedBucket, wrapBucket, tileBucket, entryBucket, grantBucket, publicBucket, keyEventBucket,
		ridBucket, gidBucket, citizenBucket, requestBucket, releaseBucket,
		interactBucket, answerBucket, codeBucket, tokenBucket, snapshotBucket, expiryBucket,
	} {
		bucket, prefix := b.home()
		if other, taken := seen[[2]string{bucket, prefix}]; taken {
			t.Errorf("%s and %s lie together", b, other)
		}
		seen[[2]string{bucket, prefix}] = b
	}
}
