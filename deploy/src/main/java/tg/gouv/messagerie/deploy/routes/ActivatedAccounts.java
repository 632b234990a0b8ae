package tg.gouv.messagerie.deploy.routes;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.Activation;
import tg.gouv.messagerie.directory.provisioning.Activations;
import tg.gouv.messagerie.directory.provisioning.Departed;
import tg.gouv.messagerie.platform.outbox.Outbox;
import tg.gouv.messagerie.platform.outbox.OutboxMessage;

/**
 * Gives what follows the activation of accounts, the departure and the erasure of their people to the outbox, in the act's transaction.
 *
 * @param outbox of the same database
 */
public record ActivatedAccounts(Outbox outbox) implements Activations {
    @Override
    public void activated(Connection connection, List<Activation> accounts) throws SQLException {
        add(connection, AccountActivated.TOPIC, accounts, Activation::account, AccountActivated::of);
    }

    @Override
    public void departed(Connection connection, List<Departed> accounts) throws SQLException {
        add(connection, AccountDeparted.TOPIC, accounts, Departed::account, AccountDeparted::of);
    }

    @Override
    public void recovered(Connection connection, Activation account) throws SQLException {
        add(connection, PasswordRecovered.TOPIC, List.of(account), Activation::account, PasswordRecovered::of);
    }

    @Override
    public void erased(Connection connection, List<AccountId> accounts) throws SQLException {
        add(
                connection,
                AccountErased.TOPIC,
                accounts,
                account -> account,
                account -> new AccountErased(account.value()));
    }

    private <T> void add(
            Connection connection,
            String topic,
            List<T> accounts,
            Function<T, AccountId> account,
            Function<T, ? extends Record> payload)
            throws SQLException {
        outbox.add(
                connection,
                accounts.stream()
                        .map(each -> OutboxMessage.ordered(
                                topic, account.apply(each).toString(), Payload.write(payload.apply(each))))
                        .toList());
    }
}
