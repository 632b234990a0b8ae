package tg.gouv.messagerie.mail.postgres;

import java.util.stream.Stream;
import javax.inject.Inject;
import org.apache.james.mailrepository.api.MailRepositoryUrl;
import org.apache.james.mailrepository.api.MailRepositoryUrlStore;
import tg.gouv.messagerie.platform.database.Connections;
import tg.gouv.messagerie.platform.database.Sql;

/** Which mail repositories were ever used, on whatever node. */
public final class PostgresMailRepositoryUrlStore implements MailRepositoryUrlStore {
    private final Connections connections;

    /** Those in the schema of these queues. */
    @Inject
    public PostgresMailRepositoryUrlStore(PostgresMailQueues queues) {
        this.connections = queues.ground().connections();
    }

    /** Durable when this returns. */
    @Override
    public void add(MailRepositoryUrl url) {
        connections.<Integer, RuntimeException>autoCommit(
                c -> Sql.update(c, "insert into mail_repository(url) values (?) on conflict do nothing", column(url)));
    }

    @Override
    public Stream<MailRepositoryUrl> listDistinct() {
        return connections
                .autoCommit(c -> Sql.query(
                        c,
                        row -> MailRepositoryUrl.from(EscapedText.text(row.getString(1))),
                        "select url from mail_repository order by url"))
                .stream();
    }

    @Override
    public boolean contains(MailRepositoryUrl url) {
        return connections
                .autoCommit(c -> Sql.first(c, row -> 1, "select from mail_repository where url = ?", column(url)))
                .isPresent();
    }

    private static String column(MailRepositoryUrl url) {
        return EscapedText.column(url.asString());
    }
}
