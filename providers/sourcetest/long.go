//go:build long

package sourcetest

const long = true
