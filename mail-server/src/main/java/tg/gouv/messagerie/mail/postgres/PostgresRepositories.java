package tg.gouv.messagerie.mail.postgres;

import java.time.Clock;
import org.apache.james.sieverepository.api.SieveRepository;
import tg.gouv.messagerie.mail.filters.ManageSieveSettings;
import tg.gouv.messagerie.platform.database.Connections;

/**
 * What mail keeps of an account beside its mailboxes, in the schema {@code mail}: filters.
 *
 * <p>What is acknowledged is durable.
 */
public final class PostgresRepositories {
    private final SieveRepository scripts;

    /**
     * Repositories that know accounts as the mailbox store does.
     *
     * @param connections of the schema {@code mail}, brought up to date
     */
    public PostgresRepositories(
            Connections connections, PostgresMappers store, Clock clock, ManageSieveSettings filters) {
        AccountNames accounts = store.accounts();
        this.scripts = new PostgresSieveRepository(
                connections, accounts, clock, filters.scriptSizeMax().bytes(), filters.scriptsMax());
    }

    /** The accounts' filters. */
    public SieveRepository scripts() {
        return scripts;
    }
}
