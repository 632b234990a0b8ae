package tg.gouv.messagerie.mail.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.platform.audit.AuditEvent;
import tg.gouv.messagerie.platform.audit.AuditEvent.Forwarding;
import tg.gouv.messagerie.platform.audit.AuditTrail;
import tg.gouv.messagerie.platform.audit.Circumstances;
import tg.gouv.messagerie.platform.audit.Subject;

/** Tells the audit trail where an account's mail goes on to from now on, and where no more, whatever changed its filters. */
record ToldRedirects(AuditTrail trail, InstantSource clock) {
    private static final Logger LOG = LoggerFactory.getLogger(ToldRedirects.class);

    /** A change of filters. */
    @FunctionalInterface
    interface Change<T> {
        T make() throws SQLException;
    }

    /** Makes a change in this transaction, and records what it did to the redirects of the active script. */
    <T> T told(Connection c, UUID owner, Change<T> change) throws SQLException {
        List<String> before = redirects(c, owner);
        T made = change.make();
        List<String> after = redirects(c, owner);
        List<AuditEvent> events = new ArrayList<>();
        add(events, owner, Forwarding.Change.BEGUN, after, before);
        add(events, owner, Forwarding.Change.ENDED, before, after);
        if (!events.isEmpty()) {
            trail.record(c, events);
        }
        return made;
    }

    private static List<String> redirects(Connection c, UUID owner) throws SQLException {
        return ActiveFilter.of(c, owner).map(it -> it.text().redirects()).orElse(List.of());
    }

    private void add(
            List<AuditEvent> events, UUID owner, Forwarding.Change change, List<String> some, List<String> others) {
        Circumstances now = Circumstances.current(clock);
        Subject account = new Subject(Subject.Kind.ACCOUNT, owner.toString());
        for (String address : some) {
            if (!others.contains(address)) {
                if (MailAddress.parse(address).isPresent()) {
                    events.add(new Forwarding(now, change, account, new Subject(Subject.Kind.ADDRESS, address)));
                } else {
                    LOG.info("event=redirect-is-no-address account={}", owner);
                }
            }
        }
    }
}
