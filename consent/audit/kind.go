package audit

import "fmt"

const lastKind = SourceAnswered

// String is the event's name as in its member kind, or "kind(n)" for a number
// that is reserved or unknown.
func (k Kind) String() string {
	if name := k.name(); name != "" {
		return name
	}
	return fmt.Sprintf("kind(%d)", byte(k))
}

func (k Kind) name() string {
	switch k {
	case ConsentGranted:
		return "consent.granted"
	case ConsentRefused:
		return "consent.refused"
	case ReleaseCompleted:
		return "release.completed"
	case ReleaseFailed:
		return "release.failed"
	case ConsentWithdrawn:
		return "consent.withdrawn"
	case ConsentRevoked:
		return "consent.revoked"
	case KeyActivated:
		return "key.activated"
	case KeyRetired:
		return "key.retired"
	case KeyCompromised:
		return "key.compromised"
	case NoticePublished:
		return "notice.published"
	case PolicyChanged:
		return "policy.changed"
	case ErasureDone:
		return "erasure.done"
	case LogOpened:
		return "log.opened"
	case SourceQueried:
		return "source.queried"
	case ApprovalChanged:
		return "approval.changed"
	case LogClosed:
		return "log.closed"
	case ConsentRenewed:
		return "consent.renewed"
	case AdminAct:
		return "admin.act"
	case LookupRequested:
		return "lookup.requested"
	case SourceAnswered:
		return "source.answered"
	}
	return ""
}

// Public tells whether leaves of this kind have a public opening: a salt of
// zeros, and an event that names no person.
func (k Kind) Public() bool {
	switch k {
	case KeyActivated, KeyRetired, KeyCompromised, NoticePublished, PolicyChanged,
		LogOpened, ApprovalChanged, LogClosed:
		return true
	default:
		return false
	}
}

// ParseKind gives the kind of an event's name.
func ParseKind(name string) (Kind, error) {
	for k := ConsentGranted; k <= lastKind; k++ {
		if name != "" && k.name() == name {
			return k, nil
		}
	}
	return 0, fmt.Errorf("parsing event kind: %q is unknown", name)
}
