package main

import (
	"context"
	"fmt"
	"math"
	"strings"

	"accord/broker/configuration"
	"accord/broker/operator"
)

// keysRotate puts new keys in place of those that sign, while serve runs.
func keysRotate(ctx context.Context, in invocation, args []string) error {
	f, s := flags("keys rotate"), socket{}
	s.flags(f)
	if err := parse(f, args, 0, 1); err != nil {
		return err
	}
	roles := []string{"receipt", "id_token"}
	if f.NArg() == 1 {
		roles = f.Args()
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	for _, role := range roles {
		var done operator.Rotated
		if err := call(ctx, path, "/keys/rotate", operator.Rotate{Role: role}, &done); err != nil {
			return err
		}
		fmt.Fprintf(in.stdout, "%s: signe maintenant / signs now: %s\n", role, strings.Join(done.Keys, " "))
	}
	fmt.Fprintln(in.stderr, "sauvegarder keys/, puis détruire les anciennes clés privées de ses sauvegardes\n"+
		"back keys/ up, then destroy the old private keys in its backups")
	return nil
}

// keysCompromise logs that a key is known to another.
func keysCompromise(ctx context.Context, in invocation, args []string) error {
	f, s := flags("keys compromise"), socket{}
	s.flags(f)
	good := f.Int64("last-good", math.MinInt64, "")
	if err := parse(f, identifierLast(f, args), 1, 1); err != nil {
		return err
	}
	if *good < -1 {
		return fmt.Errorf("%w: -last-good is the last leaf index whose signatures by the key still count, -1 for none", errUsage)
	}
	path, err := s.find(in)
	if err != nil {
		return err
	}
	if err := call(ctx, path, "/keys/compromise", operator.Compromise{Key: f.Arg(0), LastGood: good}, &struct{}{}); err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%s: compromise inscrite au journal / logged as compromised; rien n'est cru après / nothing believed after %d\n", f.Arg(0), *good)
	return nil
}

// keysFranceConnect makes the file of franceconnect.data_provider.keys_file, or
// puts a new key before its newest.
func keysFranceConnect(_ context.Context, in invocation, args []string) error {
	f := flags("keys franceconnect")
	if err := parse(f, args, 1, 1); err != nil {
		return err
	}
	kid, err := configuration.RenewDecryptionKeys(f.Arg(0))
	if err != nil {
		return err
	}
	fmt.Fprintf(in.stdout, "%s: ECDH-ES, %s\n", f.Arg(0), kid)
	fmt.Fprintln(in.stderr, "redémarrer serve, qui publie les clés à /api/france_connect_jwks ; lancer de nouveau pour en changer\n"+
		"restart serve, which publishes the keys at /api/france_connect_jwks; run again to change them")
	return nil
}
