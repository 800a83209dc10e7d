package configuration

import "path/filepath"

// LoadPlaces reads of accord.yaml only where keys, store, guard and socket lie,
// and the keys: what a backup or a restore needs. Secrets, clients and
// approvals may be out of reach or wrong on such a day. The Configuration is
// nil when anything of this is refused.
func LoadPlaces(file string) (*Configuration, []Mistake) {
	c := &Configuration{File: file}
	d := load(file, &c.Settings)
	if len(d.lines) == 0 { // nothing could be read at all
		return nil, d.mistakes
	}
	c.Settings.resolve(filepath.Dir(file))
	d.checkPlaces(&c.Settings)
	c.Ring = d.ring(c.Settings)
	mistakes := sorted(d.mistakes)
	if Refused(mistakes) {
		return nil, mistakes
	}
	return c, mistakes
}
