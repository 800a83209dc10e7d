package configuration

import (
	"io/fs"
	"os"
)

// exposed are the mode bits under which others may read a secret. systemd hands
// a service its credentials in a folder only that service can enter, with mode
// 0440 (the group bit is the mask of its ACL); there the group bit says nothing.
func exposed(file string, mode fs.FileMode) bool {
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" && within(file, dir) {
		return mode.Perm()&0o037 != 0
	}
	return mode.Perm()&0o077 != 0
}
