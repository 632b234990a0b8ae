package tg.gouv.messagerie.directory.personal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.platform.language.Messages;

/** Everything that is kept of one person, as one ZIP file: facts as JSON and CSV, mail as mbox. Used from any thread that may block. */
public final class PersonalArchives {
    /** So many are written at once on a node; each may read a whole mailbox. */
    private static final int AT_ONCE = 4;

    private final PersonalFacts facts;
    private final List<PersonalFiles> others;
    private final Semaphore places = new Semaphore(AT_ONCE);

    /** Archives of the directory's facts, and of what other parts keep. */
    public PersonalArchives(PersonalFacts facts, List<PersonalFiles> others) {
        this.facts = facts;
        this.others = List.copyOf(others);
    }

    /**
     * An archive that may be read, and of which the audit trail was told; nothing of it was read yet.
     *
     * @throws ProvisioningRefused if who acts may not have it
     */
    public PersonalFiles.Content of(AccountId account) {
        facts.demand(account);
        return to -> write(account, to);
    }

    private void write(AccountId account, OutputStream to) throws IOException {
        if (!places.tryAcquire()) {
            throw new ProvisioningRefused(Reason.BUSY);
        }
        try {
            ZipOutputStream zip = new ZipOutputStream(to, StandardCharsets.UTF_8);
            zip.setLevel(Deflater.BEST_SPEED);
            Zip archive = new Zip(zip);
            archive.file("LISEZ-MOI.txt", out -> out.write(readme()));
            facts.write(account, archive);
            for (PersonalFiles each : others) {
                each.write(account, archive);
            }
            zip.finish();
            to.flush();
        } finally {
            places.release();
        }
    }

    private static byte[] readme() {
        return (Messages.beside(PersonalArchives.class, Locale.FRENCH).text("readme") + "\n\n"
                        + Messages.beside(PersonalArchives.class, Locale.ENGLISH)
                                .text("readme") + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private record Zip(ZipOutputStream zip) implements PersonalFiles.Archive {
        @Override
        public void file(String name, PersonalFiles.Content content) throws IOException {
            zip.putNextEntry(new ZipEntry(name));
            content.write(new Inner(zip));
            zip.closeEntry();
        }
    }

    /** The file that is written; whoever closes it does not close the archive. */
    private static final class Inner extends FilterOutputStream {
        Inner(OutputStream zip) {
            super(zip);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void close() {
            // the archive's
        }
    }
}
