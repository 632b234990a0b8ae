package tg.gouv.messagerie.directory.personal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Stream;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.access.AccessLedger;
import tg.gouv.messagerie.directory.access.AccessLedger.Entry;
import tg.gouv.messagerie.directory.imports.CsvText;
import tg.gouv.messagerie.platform.audit.AuditAbout.Told;

/** « Who has opened my account »: every row of the audit trail about an account, the newest first, a page at a time. */
public record LedgerFile(AccessLedger ledger) implements PersonalFiles {
    private static final int PAGE = 1_000;
    private static final List<String> COLUMNS = List.of(
            "from",
            "until",
            "times",
            "act",
            "by",
            "of",
            "with",
            "network",
            "protocol",
            "outcome",
            "phrase",
            "sentence");

    @Override
    public void write(AccountId account, Archive archive) throws IOException {
        archive.file("acces.csv", out -> {
            out.write(CsvText.row(COLUMNS, ';').getBytes(StandardCharsets.UTF_8));
            OptionalLong before = OptionalLong.empty();
            List<Entry> entries;
            do {
                entries = ledger.own(account, before, PAGE);
                for (Entry entry : entries) {
                    out.write(CsvText.row(cells(entry), ';').getBytes(StandardCharsets.UTF_8));
                    before = OptionalLong.of(entry.row().number());
                }
            } while (entries.size() == PAGE);
        });
    }

    private static List<String> cells(Entry entry) {
        Told row = entry.row();
        return Stream.of(
                        row.began().toString(),
                        row.ended().toString(),
                        String.valueOf(row.times()),
                        row.act(),
                        row.actor(),
                        row.subject(),
                        row.counterpart().orElse(""),
                        row.network().orElse(""),
                        row.protocol().orElse(""),
                        row.outcome(),
                        entry.sentence(Locale.FRENCH),
                        entry.sentence(Locale.ENGLISH))
                .toList();
    }
}
