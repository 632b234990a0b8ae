package tg.gouv.messagerie.platform.outbox;

import java.util.Optional;
import java.util.UUID;

/**
 * A message as its consumer gets it.
 *
 * @param id the same at each attempt: the idempotency key, or the basis of a Message-ID
 * @param attempt 1 the first time
 */
public record Delivery(UUID id, String topic, Optional<String> orderingKey, String payload, int attempt) {}
