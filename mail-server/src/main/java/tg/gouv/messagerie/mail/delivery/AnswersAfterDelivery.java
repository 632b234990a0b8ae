package tg.gouv.messagerie.mail.delivery;

import java.time.ZonedDateTime;
import java.util.Optional;
import org.apache.james.vacation.api.AccountId;
import org.apache.james.vacation.api.NotificationRegistry;
import org.apache.james.vacation.api.RecipientId;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.postgres.Deliveries;

/**
 * Remembers who was answered during an absence, once the answer is committed: an answer that a crash took with its delivery is given
 * again. Should the program end between the two, the next message of the same sender is answered too.
 */
public final class AnswersAfterDelivery implements NotificationRegistry {
    private final NotificationRegistry answers;

    /** Remembers in this registry. */
    public AnswersAfterDelivery(NotificationRegistry answers) {
        this.answers = answers;
    }

    @Override
    public Mono<Void> register(AccountId account, RecipientId recipient, Optional<ZonedDateTime> expiry) {
        Mono<Void> registering = answers.register(account, recipient, expiry);
        return Deliveries.afterwards(registering::block) ? Mono.empty() : registering;
    }

    @Override
    public Mono<Boolean> isRegistered(AccountId account, RecipientId recipient) {
        return answers.isRegistered(account, recipient);
    }

    @Override
    public Mono<Void> flush(AccountId account) {
        return answers.flush(account);
    }
}
