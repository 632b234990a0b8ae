package tg.gouv.messagerie.mail.jmap;

import java.util.List;
import javax.inject.Inject;
import org.apache.james.core.Username;
import org.apache.james.jmap.http.AuthenticationChallenge;
import org.apache.james.jmap.http.AuthenticationScheme;
import org.apache.james.jmap.http.AuthenticationStrategy;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;
import tg.gouv.messagerie.mail.JmapKey;
import tg.gouv.messagerie.mail.JmapPrincipal;
import tg.gouv.messagerie.mail.delivery.DefaultMailboxes;
import tg.gouv.messagerie.mail.rights.MailboxVisit;

/** JMAP obeys our HTTP door alone: whoever it says it has signed in, in a header only it can write. */
public final class SignedPrincipal implements AuthenticationStrategy {
    private final JmapKey key;
    private final MailboxManager mailboxes;
    private final DefaultMailboxes defaults;

    /** Principals signed with this key. */
    @Inject
    public SignedPrincipal(JmapKey key, MailboxManager mailboxes, DefaultMailboxes defaults) {
        this.key = key;
        this.mailboxes = mailboxes;
        this.defaults = defaults;
    }

    @Override
    public Mono<MailboxSession> createMailboxSession(HttpServerRequest request) {
        List<String> values = request.requestHeaders().getAll(JmapKey.HEADER);
        if (values.size() != 1) {
            return Mono.empty();
        }
        return Mono.justOrEmpty(key.verify(values.getFirst()))
                .flatMap(
                        principal -> Mono.fromCallable(() -> open(principal)).subscribeOn(Schedulers.boundedElastic()));
    }

    private MailboxSession open(JmapPrincipal principal) throws Exception {
        MailboxSession session = mailboxes
                .authenticate(Username.of(principal.account().toString()))
                .withoutDelegation();
        defaults.provide(session);
        new MailboxVisit(principal.id(), principal.actor(), principal.client(), "jmap", false).through(session);
        return session;
    }

    @Override
    public AuthenticationChallenge correspondingChallenge() {
        return AuthenticationChallenge.of(AuthenticationScheme.of("Basic"), java.util.Map.of("realm", "Messagerie"));
    }
}
