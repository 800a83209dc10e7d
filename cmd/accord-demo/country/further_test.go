package country

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A newcomer's mistakes are told at the start, not at the first request.
func TestAFolderOfClientsThatGivesNoneIsToldAtTheStart(t *testing.T) {
	const client = `id: mine
name: Mine
auth_method: client_secret_basic
secret_hash: sha-256:126DLevf8X9c_BtvQryzGfPylOyp_5rf64BdWiAo67s
redirect_uris: [http://127.0.0.1:9000/retour]
approvals: [valbrume-piscine]
`
	for _, tc := range []struct{ name, file, want string }{
		{"no folder", "", "no client there"},
		{"another ending", "mine.yml", "no client there"},
		{"unknown approval", "mine.yaml", "valbrume-piscine"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "clients")
			if tc.file != "" {
				if err := os.Mkdir(dir, 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, tc.file), []byte(client), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			c, err := Start(t.Context(), Options{Clients: dir})
			if err == nil {
				t.Fatal("started", c.Close())
			}
			if !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "warning") {
				t.Error(err)
			}
		})
	}
}
