package ui

import (
	"net/http"
	"slices"
)

// themeCookie holds the reader's own choice of colours, set only by /affichage.
const themeCookie = "theme"

// ThemeSystem leaves the colours to the reader's device; it is the default.
const ThemeSystem = "systeme"

// Themes are the values of the cookie theme: light, dark, as the device.
func Themes() []string { return []string{"clair", "sombre", ThemeSystem} }

// Theme is the reader's choice of colours.
func Theme(r *http.Request) string {
	if c, err := r.Cookie(themeCookie); err == nil && slices.Contains(Themes(), c.Value) {
		return c.Value
	}
	return ThemeSystem
}

// KeepTheme remembers a choice for a year; what is none of Themes changes
// nothing, and going back to the device's own colours forgets the cookie.
func (u *UI) KeepTheme(w http.ResponseWriter, theme string) {
	if !slices.Contains(Themes(), theme) {
		return
	}
	c := &http.Cookie{
		Name: themeCookie, Value: theme, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: !u.options.Loopback, SameSite: http.SameSiteLaxMode,
	}
	if theme == ThemeSystem {
		c.Value, c.MaxAge = "", -1
	}
	http.SetCookie(w, c)
}

// forced is the theme the page must show whatever the device prefers; empty
// for none.
func forced(r *http.Request) string {
	if theme := Theme(r); theme != ThemeSystem {
		return theme
	}
	return ""
}
