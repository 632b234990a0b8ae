package tg.gouv.messagerie.deploy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.imports.CsvText;
import tg.gouv.messagerie.directory.personal.PersonalFiles;
import tg.gouv.messagerie.mail.KeptMail;
import tg.gouv.messagerie.mail.KeptMail.Absence;
import tg.gouv.messagerie.mail.KeptMail.Messages;

/** Somebody's mail as files of the archive of their data: a file for each mailbox and filter. */
record MailOfPeople(KeptMail mail) implements PersonalFiles {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int NAME_MAX = 60;

    @Override
    public void write(AccountId account, Archive archive) throws IOException {
        Files files = new Files(archive);
        mail.read(account, files);
        archive.file("courrier.csv", out -> {
            for (List<String> row : files.index) {
                out.write(CsvText.row(row, ';').getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    private static final class Files implements KeptMail.Reader {
        private final Archive archive;
        private final List<List<String>> index = new ArrayList<>();

        Files(Archive archive) {
            this.archive = archive;
            index.add(List.of("mailbox", "messages", "file"));
        }

        @Override
        public void mailbox(String name, Messages messages) throws IOException {
            String file = "courrier/%03d-%s.mbox".formatted(index.size(), plain(name));
            long[] count = new long[1];
            archive.file(file, out -> {
                Mbox mbox = new Mbox(out);
                messages.each(message -> {
                    mbox.add(message);
                    count[0]++;
                });
            });
            index.add(List.of(name, String.valueOf(count[0]), file));
        }

        @Override
        public void filter(String name, boolean active, byte[] script) throws IOException {
            String file = "filtres/%03d-%s%s.sieve".formatted(index.size(), plain(name), active ? "-actif" : "");
            archive.file(file, out -> out.write(script));
            index.add(List.of("sieve: " + name, "", file));
        }

        @Override
        public void absence(Absence absence) throws IOException {
            archive.file("absence.json", out -> {
                try (JsonGenerator json = JSON.createGenerator(out)) {
                    json.useDefaultPrettyPrinter();
                    json.writeStartObject();
                    json.writeBooleanField("enabled", absence.enabled());
                    json.writeStringField(
                            "from", absence.from().map(Instant::toString).orElse(""));
                    json.writeStringField(
                            "until", absence.until().map(Instant::toString).orElse(""));
                    json.writeStringField("subject", absence.subject().orElse(""));
                    json.writeStringField("text", absence.text().orElse(""));
                    json.writeStringField("html", absence.html().orElse(""));
                    if (absence.outside().isPresent()) {
                        json.writeStringField("outside", absence.outside().get());
                    }
                    json.writeEndObject();
                }
            });
        }

        /** A name that every file system takes; the number before it makes it one of its own. */
        private static String plain(String name) {
            String letters = Normalizer.normalize(name, Normalizer.Form.NFD)
                    .replaceAll("\\p{M}", "")
                    .replaceAll("[^A-Za-z0-9._ -]", "_");
            return letters.length() > NAME_MAX ? letters.substring(0, NAME_MAX) : letters;
        }
    }
}
