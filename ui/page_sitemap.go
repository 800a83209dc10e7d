package ui

// SiteMap is "/plan-du-site": every public page that is mounted.
type SiteMap struct{}

func (SiteMap) template() string { return "sitemap" }
