package serviceprovider_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"accord/cmd/accord-demo/country"
	"accord/cmd/accord-demo/headless"
	"accord/oidc/serviceprovider"
)

// A canteen reads a family's quotient and keeps the proof. The demonstration's
// country stands for Accord, a browser without a screen for the citizen.
func Example() {
	ctx := context.Background()
	c, err := country.Start(ctx, country.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	folder, err := os.MkdirTemp("", "canteen-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)

	canteen, err := serviceprovider.New(serviceprovider.Config{
		Issuer: c.Accord, ClientID: country.Editor, Secret: c.Secrets[country.Editor],
		RedirectURI: c.TownHallURL + "/retour", Recipient: "99900010200015",
		Releases: filepath.Join(folder, "releases.txt"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	// The person clicks: keep the attempt in their session, send the browser on.
	attempt, err := canteen.Login(ctx, serviceprovider.Request{Purpose: "tarification-cantine", Scopes: []string{"cnaf_quotient_familial"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	back, err := citizen(c, attempt.URL)
	if err != nil {
		fmt.Println(err)
		return
	}

	// The browser comes back to the redirect URI.
	token, err := canteen.Callback(ctx, attempt, back.Query())
	var denied *serviceprovider.Denied
	if errors.As(err, &denied) {
		fmt.Println("the person refused:", denied.Code)
		return
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	delivery, err := canteen.Signed(ctx, token, "dss/quotient_familial")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("the quotient is there:", bytes.Contains(delivery.Data, []byte(`"valeur":742`)))

	// Months later, with the document alone.
	kept, err := canteen.Verify(ctx, delivery.JWS)
	fmt.Println(kept.Source, kept.Release == delivery.Release, err)

	list, err := os.ReadFile(filepath.Join(folder, "releases.txt"))
	fmt.Println(string(list) == delivery.Release+"\n", err)
	// Output:
	// the quotient is there: true
	// cnav true <nil>
	// true <nil>
}

// citizen agrees as a persona and gives the address the browser was sent to.
func citizen(c *country.Country, address string) (*url.URL, error) {
	w := &country.Walk{Browser: headless.New().StopAt(c.TownHallURL), Country: c}
	var err error
	if w.Page, err = w.Get(address); err != nil {
		return nil, err
	}
	if err := w.See("camille"); err != nil {
		return nil, err
	}
	if err := w.Do("accept"); err != nil {
		return nil, err
	}
	return w.Page.Stopped, nil
}
