package configuration

import (
	"os"
	"path/filepath"
	"strings"
)

func (d *document) checkFolders(s *Settings) {
	d.folder("$.clients", s.ClientsDir)
	d.folder("$.approvals", s.ApprovalsDir)
	d.checkPlaces(s)
}

// checkPlaces judges where the store, its guard and the socket lie.
func (d *document) checkPlaces(s *Settings) {
	if d.folder("$.data", s.Data) {
		d.checkData(s)
	}
	if d.need("$.guard", s.Guard, "the path of the fork guard, outside data") {
		d.checkGuard(s)
	}
	if d.need("$.admin", s.Admin, "the path of the admin socket") {
		d.folder("$.admin", filepath.Dir(s.Admin))
	}
}

func (d *document) folder(path, dir string) bool {
	if !d.need(path, dir, "the path of a folder") {
		return false
	}
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		d.problem(path, "%s is not a folder: make it", dir)
		return false
	}
	return true
}

func (d *document) checkData(s *Settings) {
	if info, err := os.Stat(s.Data); err == nil && info.Mode().Perm()&0o077 != 0 {
		d.problem("$.data", "%s is open to group or others (mode %#o): run chmod 0700 on it", s.Data, info.Mode().Perm())
	}
	if s.Keys != "" && within(s.Keys, s.Data) {
		d.problem("$.keys", "lies inside data: a backup of the data would hold the keys that erase it; move it out")
	}
}

// checkGuard keeps the guard apart from what it guards: restored together with
// the data it would vouch for the old state.
func (d *document) checkGuard(s *Settings) {
	if s.Data != "" && within(s.Guard, s.Data) {
		d.problem("$.guard", "lies inside data: a restored backup would bring its own guard; write a path outside, best on another disk")
		return
	}
	d.folder("$.guard", filepath.Dir(s.Guard))
}

// within tells whether path is dir or lies in it, symbolic links followed.
func within(path, dir string) bool {
	rel, err := filepath.Rel(followed(dir), followed(path))
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// followed follows the links of the longest part of path that exists.
func followed(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	rest := ""
	for p := path; ; p = filepath.Dir(p) {
		if resolved, err := filepath.EvalSymlinks(p); err == nil {
			return filepath.Join(resolved, rest)
		}
		if p == filepath.Dir(p) {
			return path
		}
		rest = filepath.Join(filepath.Base(p), rest)
	}
}
