package tg.gouv.messagerie.platform.outbox;

import java.time.Instant;
import java.util.UUID;

/**
 * A message that could not be handled as often as it was tried.
 *
 * @param died when it was given up
 * @param error what its last attempt said; no content
 */
public record DeadLetter(UUID id, String topic, int attempts, Instant died, String error) {}
