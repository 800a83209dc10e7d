package e2e

import (
 _ "accord/cmd/accord-demo/country"
 _ "github.com/chromedp/chromedp"
 _ "github.com/chromedp/cdproto/emulation"
)
