package ui

// identifier stands on pages where the pairwise sub is all that was given: no
// entry of the catalogue, so its text lies apart (consent.IdentifierID).
const identifier = "openid"
