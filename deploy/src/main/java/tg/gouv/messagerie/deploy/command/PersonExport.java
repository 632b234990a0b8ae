package tg.gouv.messagerie.deploy.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Person;

/** {@code person export}: everything that is kept of one person, into a file that only its owner reads. */
@Command(name = "export")
final class PersonExport implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "PERSON", descriptionKey = "person-export.person")
    private String person = "";

    @Option(names = "--to", required = true, paramLabel = "FILE", descriptionKey = "person-export.to")
    private Path file = Path.of("");

    PersonExport(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        String named = demand(person);
        boolean whole = false;
        try (OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))))) {
            ControlAnswer.Archived archived = new ControlClient(target.data())
                    .converse(
                            new ControlRequest.PersonExport(named),
                            InputStream.nullInputStream(),
                            heard -> write(out, heard),
                            ControlAnswer.Archived.class);
            whole = true;
            terminal.say("person-export.done", file, archived.bytes());
            return ExitStatus.OK.number();
        } catch (FileAlreadyExistsException e) {
            whole = true; // it is not ours
            throw new Refusal(ExitStatus.USAGE, "codes.exists", file);
        } catch (IOException | UncheckedIOException e) {
            throw new Refusal(ExitStatus.UNAVAILABLE, "person-export.not-written", file);
        } finally {
            if (!whole) {
                delete();
            }
        }
    }

    /** An address or a registration number. */
    static String demand(String person) {
        try {
            return MailAddress.parse(person)
                    .map(MailAddress::toString)
                    .orElseGet(() -> new Person.RegistrationNumber(person).value());
        } catch (RuntimeException _) {
            throw new Refusal(ExitStatus.USAGE, "named.person", Terminal.printable(person));
        }
    }

    private static void write(OutputStream out, ControlAnswer heard) {
        if (heard instanceof ControlAnswer.Octets(byte[] octets)) {
            try {
                out.write(octets);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Half an archive would be taken for a whole one. */
    private void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // it cannot be opened as an archive
        }
    }
}
