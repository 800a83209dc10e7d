package providers

import "testing"

func TestAnEnteredBirthDateKeepsItsUnknownParts(t *testing.T) {
	for _, c := range []struct{ year, month, day, entered, completed string }{
		{"1984", "3", "9", "1984-03-09", "1984-03-09"},
		{" 1984 ", "03", "", "1984-03-00", "1984-03-01"},
		{"1962", "", "", "1962-00-00", "1962-01-01"},
		{"1962", "00", "00", "1962-00-00", "1962-01-01"},
		{"1962", "", "17", "", ""},
		{"1962", "2", "30", "", ""},
		{"62", "2", "3", "", ""},
		{"", "2", "3", "", ""},
		{"1962", "123", "1", "", ""},
		{"1962", "x", "1", "", ""},
	} {
		entered := EnteredBirthdate(c.year, c.month, c.day)
		if entered != c.entered || CompletedDate(entered) != c.completed {
			t.Errorf("%q %q %q: %q, completed %q", c.year, c.month, c.day, entered, CompletedDate(entered))
		}
	}
}
