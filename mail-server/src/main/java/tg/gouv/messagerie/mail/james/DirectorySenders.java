package tg.gouv.messagerie.mail.james;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.james.core.MailAddress;
import org.apache.james.core.Username;
import org.apache.james.rrt.api.CanSendFrom;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.mail.submission.Senders;

/** In whose name an account may write, as JMAP asks. */
final class DirectorySenders implements CanSendFrom {
    private final Directory directory;
    private final Senders senders;

    DirectorySenders(Directory directory, Senders senders) {
        this.directory = directory;
        this.senders = senders;
    }

    @Override
    public boolean userCanSendFrom(Username user, Username from) {
        Optional<tg.gouv.messagerie.directory.MailAddress> address =
                tg.gouv.messagerie.directory.MailAddress.parse(from.asString());
        return address.isPresent()
                && addresses(user).contains(address.get().withoutDetail());
    }

    @Override
    public Publisher<Boolean> userCanSendFromReactive(Username user, Username from) {
        return Mono.fromCallable(() -> userCanSendFrom(user, from)).subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public Stream<MailAddress> allValidFromAddressesForUser(Username user) {
        return addresses(user).stream().map(DirectorySenders::address);
    }

    private Set<tg.gouv.messagerie.directory.MailAddress> addresses(Username user) {
        return tg.gouv.messagerie.directory.MailAddress.parse(user.asString())
                .flatMap(directory::byAddress)
                .map(senders::of)
                .orElse(Set.of());
    }

    private static MailAddress address(tg.gouv.messagerie.directory.MailAddress ours) {
        try {
            return new MailAddress(ours.toString());
        } catch (javax.mail.internet.AddressException e) {
            throw new IllegalStateException("an address of the directory is none for James", e);
        }
    }
}
