package fcsim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"
	"time"
)

// complete does to a registry identity what FranceConnect does: joins the
// first names, completes a presumed birth and keeps the raw one beside it.
func (i Identity) complete() Identity {
	if i.GivenName == "" {
		i.GivenName = strings.Join(i.GivenNames, " ")
	}
	year, month, day := birthParts(i.Birthdate)
	if i.IDPBirthdate == "" && year != "" {
		i.IDPBirthdate = year + "-" + month + "-" + day
	}
	if year != "" {
		i.Birthdate = year + "-" + known(month) + "-" + known(day)
	}
	if i.IDPBirthplace == "" {
		i.IDPBirthplace = i.Birthplace
	}
	if i.Birthcountry != "99100" {
		i.Birthplace = ""
	}
	return i
}

// birthParts gives year, month and day, 00 where the registry has none.
func birthParts(s string) (year, month, day string) {
	parts := append(strings.Split(s, "-"), "00", "00")
	return parts[0], parts[1], parts[2]
}

func known(part string) string {
	if part == "00" {
		return "01"
	}
	return part
}

// claims are the identity claims FranceConnect would hold, by claim name.
func (i Identity) claims() map[string]any {
	c := map[string]any{
		"family_name": i.FamilyName, "given_name": i.GivenName, "birthdate": i.Birthdate,
		"idp_birthdate": i.IDPBirthdate, "gender": i.Gender, "birthplace": i.Birthplace,
		"birthcountry": i.Birthcountry, "email": i.Email, "idp_id": idpID,
	}
	if len(i.GivenNames) > 0 {
		c["given_name_array"] = i.GivenNames
	}
	if i.PreferredUsername != "" {
		c["preferred_username"] = i.PreferredUsername
	}
	return c
}

// idpID is the uid of the one invented identity provider.
const idpID = "9c716f61-b8a1-435c-a407-ef4d677ec270"

var (
	idpBirthdate = regexp.MustCompile(`^[0-9]{4}-(00-00|(0[1-9]|1[0-2])-[0-9]{2})$`)
	communeCode  = regexp.MustCompile(`^(2A|2B|[0-9]{2})[0-9]{3}$`)
	countryCode  = regexp.MustCompile(`^[0-9]{5}$`)
)

// accepted tells whether FranceConnect would let this identity through; it
// answers Y600006 otherwise.
func (i Identity) accepted() bool {
	_, err := time.Parse(time.DateOnly, i.Birthdate)
	gender := i.Gender == "female" || i.Gender == "male" || i.Gender == "unspecified"
	return err == nil && gender && i.FamilyName != "" && i.GivenName != "" &&
		strings.Contains(i.Email, "@") && idpBirthdate.MatchString(i.IDPBirthdate) &&
		countryCode.MatchString(i.Birthcountry) && (i.Birthcountry != "99100" || communeCode.MatchString(i.Birthplace))
}

// subject is the pairwise subject identifier of i for a client: 64 hexadecimal
// digits and "v1". It is the same at each start, as FranceConnect's is for
// ever: no secret of a simulator is worth hiding.
func (i Identity) subject(clientID string) string {
	place := ""
	if i.Birthcountry == "99100" {
		place = i.Birthplace
	}
	pivot := sha256.Sum256([]byte(i.GivenName + i.FamilyName + i.Birthdate + i.Gender + place + i.Birthcountry))
	sum := sha256.Sum256([]byte(clientID + base64.StdEncoding.EncodeToString(pivot[:]) + "fcsim"))
	return hex.EncodeToString(sum[:]) + "v1"
}
