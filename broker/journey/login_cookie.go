package journey

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"accord/broker/seal"
	"accord/broker/store"
)

// The cookie that leads to a remembered login, and the record under its secret.
const (
	loginCookie  = "accord-l-"
	loginPurpose = "accord-login-v1"
)

// loginCookieName is one name for each client and approval, so that a later
// agreement replaces the earlier.
func (j *Journey) loginCookieName(client, approval string) string {
	sum := sha256.Sum256([]byte(client + "\x00" + approval))
	return j.loginPrefix() + base64.RawURLEncoding.EncodeToString(sum[:6])
}

func (j *Journey) loginPrefix() string {
	if j.Loopback {
		return loginCookie
	}
	return hostPrefix + loginCookie
}

func (j *Journey) putLogin(c *gin.Context, l login) error {
	secret := make([]byte, secretSize)
	rand.Read(secret)
	plain, err := json.Marshal(l)
	if err != nil {
		return fmt.Errorf("encoding a login: %w", err)
	}
	name := j.loginCookieName(l.Client, l.Approval)
	if before, ok := loginSecret(c.Request, name); ok {
		j.takeLogin(c.Request.Context(), before)
	}
	sealed := seal.Seal(secret, loginPurpose, plain)
	if err := j.Store.PutTemporary(c.Request.Context(), store.Logins, hashOf(secret), sealed, l.Until); err != nil {
		return err
	}
	left := int(l.Until.Sub(j.Now()) / time.Second)
	j.setLoginCookie(c.Writer, name, base64url(secret), left)
	return nil
}

func (j *Journey) setLoginCookie(w http.ResponseWriter, name, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		Secure: !j.Loopback, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func loginSecret(r *http.Request, name string) ([]byte, bool) {
	c, err := r.Cookie(name)
	if err != nil {
		return nil, false
	}
	secret, err := base64.RawURLEncoding.DecodeString(c.Value)
	return secret, err == nil && len(secret) == secretSize
}

// takeLogin forgets a record. Taking is enough: what cannot be taken expires by
// itself.
func (j *Journey) takeLogin(ctx context.Context, secret []byte) {
	_, _ = j.Store.TakeTemporary(ctx, store.Logins, hashOf(secret))
}

func (j *Journey) openLogin(ctx context.Context, secret []byte) (l login, ok bool) {
	sealed, err := j.Store.GetTemporary(ctx, store.Logins, hashOf(secret))
	if err != nil {
		return l, false
	}
	plain, err := seal.Open(secret, loginPurpose, sealed)
	if err != nil || json.Unmarshal(plain, &l) != nil {
		return l, false
	}
	return l, j.Now().Before(l.Until)
}
