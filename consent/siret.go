package consent

import "strings"

// laPoste is the SIREN whose establishments, head office apart, carry numbers
// outside Luhn's rule: there the sum of the digits is a multiple of five
// (INSEE).
const laPoste = "356000000"

// ValidSIRET tells whether s is a well-formed SIRET: 14 digits, Luhn-valid as
// a whole, with INSEE's exception for La Poste. It does not tell whether such
// an establishment exists.
func ValidSIRET(s string) bool {
	if len(s) != 14 || strings.Trim(s, "0123456789") != "" || s == strings.Repeat("0", 14) {
		return false
	}
	return luhn(s) || strings.HasPrefix(s, laPoste) && digitSum(s)%5 == 0
}

// luhn checks ISO/IEC 7812-1's sum over a string of digits.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			n = n/5 + n*2%10 // digits of 2n added: 2n/10 + 2n%10
		}
		sum += n
	}
	return sum%10 == 0
}

func digitSum(digits string) int {
	sum := 0
	for i := range len(digits) {
		sum += int(digits[i] - '0')
	}
	return sum
}
