package configuration

import (
	"testing"
	"time"
)

func TestLimitsOfASourceAreReadAndMayBeLeftOut(t *testing.T) {
	w := newWorld(t)
	c, mistakes := Load(w.accord)
	if c == nil {
		t.Fatalf("refused:%s", list(mistakes))
	}
	cnav, dgfip := c.Settings.Sources.CNAV, c.Settings.Sources.DGFiP
	if cnav.Rate != 20 || cnav.Burst != 5 || cnav.Queue != 200 || cnav.Breaker != (Breaker{Failures: 10, Pause: 15 * time.Second}) {
		t.Errorf("cnav: rate %v, burst %d, queue %d, breaker %+v", cnav.Rate, cnav.Burst, cnav.Queue, cnav.Breaker)
	}
	if dgfip.Queue != 0 || dgfip.Breaker != (Breaker{}) {
		t.Errorf("dgfip: queue %d, breaker %+v; want the connector's own", dgfip.Queue, dgfip.Breaker)
	}
}
