package tg.gouv.messagerie.directory.signin;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.platform.audit.Actor;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;

/**
 * That somebody signed in, or tried to.
 *
 * @param actor whose secret was asked for; empty for a login that nobody has, whose text may be a password
 * @param function the function mailbox that was opened
 * @param device the device password that was given, if it was one of the actor's
 * @param secret as {@link Subject.Kind#SECRET} says
 * @param network in the form of {@link Origin#network}
 */
public record SignInEvent(
        Outcome outcome,
        Optional<AccountId> actor,
        Optional<AccountId> function,
        Optional<UUID> device,
        Optional<String> secret,
        String network,
        SignIns.Protocol protocol) {
    /** An event of which it does not matter which secret was given. */
    public SignInEvent(
            Outcome outcome,
            Optional<AccountId> actor,
            Optional<AccountId> function,
            Optional<UUID> device,
            String network,
            SignIns.Protocol protocol) {
        this(outcome, actor, function, device, Optional.empty(), network, protocol);
    }

    /** How it ended. */
    public enum Outcome {
        GRANTED,
        REFUSED,
        /** Too many wrong secrets before: the secret was not looked at. */
        THROTTLED,
        /** Too many sign-ins at once: try later. */
        BUSY
    }

    /** The event as the audit trail keeps it. */
    AuditEvent.SignIn audited(Instant at) {
        Circumstances circumstances = new Circumstances(
                at,
                actor.<Actor>map(it -> new Actor.Account(it.value())).orElseGet(Actor.Nobody::new),
                Optional.empty(),
                new tg.gouv.messagerie.platform.audit.Origin.Remote(
                        network, protocol.name().toLowerCase(Locale.ROOT)));
        Subject opened = function.or(() -> actor)
                .map(it -> new Subject(Subject.Kind.ACCOUNT, it.toString()))
                .orElseGet(() -> new Subject(Subject.Kind.LOGIN, "unknown"));
        return new AuditEvent.SignIn(
                circumstances,
                opened,
                device.map(it -> new Subject(Subject.Kind.DEVICE, it.toString()))
                        .or(() -> secret.map(it -> new Subject(Subject.Kind.SECRET, it))),
                switch (outcome) {
                    case GRANTED -> tg.gouv.messagerie.platform.audit.Outcome.DONE;
                    case REFUSED -> tg.gouv.messagerie.platform.audit.Outcome.REFUSED;
                    case THROTTLED -> tg.gouv.messagerie.platform.audit.Outcome.THROTTLED;
                    case BUSY -> tg.gouv.messagerie.platform.audit.Outcome.BUSY;
                });
    }
}
