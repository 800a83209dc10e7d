package main

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"accord/consent/audit"
)

const (
	maxArchive = 512 << 20 // bytes
	maxMembers = 20_000    // of an archive
)

var errNoBundle = errors.New("no .accord in the archive, or too many files")

// A bundleFile is one bundle to be judged: a file, or a member of an archive
// such as the export of « Mes accords ».
type bundleFile struct {
	name   string
	member *zip.File // nil: the file of that name
	fault  error     // an archive that cannot be read
}

// read reads at most one byte beyond a bundle's bound, whatever the archive
// says of its member's size.
func (b bundleFile) read() ([]byte, error) {
	if b.member == nil {
		return readFile(b.name, audit.MaxBundle)
	}
	r, err := b.member.Open()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", b.name, err)
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(io.LimitReader(r, audit.MaxBundle+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", b.name, err)
	}
	return data, nil
}

// bundleFiles puts the bundles of a folder or of a zip in its place.
func bundleFiles(names []string) (files []bundleFile, closeAll func()) {
	var archives []*zip.ReadCloser
	for _, name := range withinFolders(names) {
		if !strings.EqualFold(filepath.Ext(name), ".zip") {
			files = append(files, bundleFile{name: name})
			continue
		}
		archive, members, err := openArchive(name)
		if err != nil {
			files = append(files, bundleFile{name: name, fault: err})
			continue
		}
		archives, files = append(archives, archive), append(files, members...)
	}
	return files, func() {
		for _, a := range archives {
			_ = a.Close()
		}
	}
}

func openArchive(name string) (*zip.ReadCloser, []bundleFile, error) {
	if info, err := os.Stat(name); err == nil && info.Size() > maxArchive {
		return nil, nil, fmt.Errorf("reading %s: %d bytes", name, info.Size())
	}
	archive, err := zip.OpenReader(name)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", name, err)
	}
	var members []bundleFile
	for _, f := range archive.File {
		if path.Ext(f.Name) == ".accord" {
			members = append(members, bundleFile{name: name + ":" + f.Name, member: f})
		}
	}
	if len(members) == 0 || len(archive.File) > maxMembers {
		_ = archive.Close()
		return nil, nil, errNoBundle
	}
	return archive, members, nil
}
