package configuration

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAGroupMayReadACredentialOfSystemdOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "accord.service")
	for _, c := range []struct {
		credentials, file string
		mode              os.FileMode
		want              bool
	}{
		{"", dir + "/secret", 0o400, false},
		{"", dir + "/secret", 0o440, true},
		{dir, dir + "/secret", 0o440, false},
		{dir, dir + "/secret", 0o444, true},
		{dir, dir + "/secret", 0o460, true},
		{dir, dir + "-other/secret", 0o440, true},
	} {
		t.Setenv("CREDENTIALS_DIRECTORY", c.credentials)
		if got := exposed(c.file, c.mode); got != c.want {
			t.Errorf("%+v: exposed %v", c, got)
		}
	}
}
