// Package ui holds the pages a person sees: typed page structs, their HTML
// templates, their texts in French and English, and one stylesheet. It knows
// nothing of the rest of Accord; broker fills a struct and calls Render.
//
//	broker ─ Consent{…} ─ UI.Render ─ language (?lang, cookie, Accept-Language)
//	                        ├─ templates/consent.html in templates/layout.html
//	                        ├─ locales/fr.yaml, en.yaml (datum.<id>.label, error.A01.what …)
//	                        └─ security headers, Content-Security-Policy of the page
//
// There is no JavaScript, no image, no font and no third party. The look is
// Accord's own and deliberately not the State's.
//
// Ids that other programs rely on: accept and refuse for the two equal
// buttons of a choice, submit where a form has a single one. Forms post the
// hidden fields csrf, i (interaction), lang (language shown) and, on the
// consent page, texte; the button pressed is the field choix (Choice); ticked
// optional data are repeated fields item, later access is suite=1.
package ui
