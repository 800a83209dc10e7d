module accord/broker/boltstore/powercut

go 1.26.0

require (
	accord v0.0.0
	github.com/hanwen/go-fuse/v2 v2.12.1
	go.etcd.io/bbolt v1.5.0
)

replace accord => ../../..
