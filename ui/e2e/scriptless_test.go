package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// Nothing on the way needs JavaScript.
func TestTheWholeWayWorksWithoutJavaScript(t *testing.T) {
	b := open(t)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	agree(b, shared, "camille")
	wants(t, b.text("#quotient"), "742 €")
	b.click("#receipt").expect("#jws")
	toDetail(b, "camille").click("#withdraw").click("#submit").expect("#receipt")
}

// The summary of a mistake gets the focus without a script too.
func TestTheSummaryOfAMistakeHasTheFocusWithoutJavaScript(t *testing.T) {
	b := open(t)
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	toReread(b)
	if !eval[bool](b, `document.activeElement.id==='resume'`) {
		t.Error("the summary has not the focus")
	}
}
