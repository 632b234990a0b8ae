package tg.gouv.messagerie.deploy.command;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code person codes}: one-time codes for everybody of an entity who has no password, into a file that only its owner reads. */
@Command(name = "codes")
final class PersonCodes implements Callable<Integer> {
    private static final String HEADER = "matricule;nom;adresse;entite;code;expire\r\n";

    private final Terminal terminal;

    @Mixin
    private final Target target;

    @Parameters(paramLabel = "ENTITY", descriptionKey = "codes.entity")
    private String entity = "";

    @Option(names = "--csv", required = true, paramLabel = "FILE", descriptionKey = "codes.csv")
    private Path file = Path.of("");

    @Option(names = "--again", descriptionKey = "codes.again")
    private boolean again;

    private boolean made;
    private boolean any;

    PersonCodes(Terminal terminal, Assembly<?, ?> assembly) {
        this.terminal = terminal;
        this.target = new Target(assembly);
    }

    @Override
    public Integer call() {
        try {
            return write();
        } finally {
            if (!any && made) {
                delete();
            }
        }
    }

    private int write() {
        ControlRequest.PersonCodes request = new ControlRequest.PersonCodes(Named.entity(entity), again);
        try (BufferedWriter codes = open()) {
            made = true;
            codes.write(HEADER);
            ControlAnswer.Exported issued = new ControlClient(target.data())
                    .converse(
                            request,
                            InputStream.nullInputStream(),
                            heard -> write(codes, heard),
                            ControlAnswer.Exported.class);
            any = true;
            terminal.say("codes.done", issued.people(), file);
            return ExitStatus.OK.number();
        } catch (FileAlreadyExistsException e) {
            throw new Refusal(ExitStatus.USAGE, "codes.exists", file);
        } catch (IOException | UncheckedIOException e) {
            throw new Refusal(ExitStatus.UNAVAILABLE, "codes.not-written", file);
        }
    }

    private BufferedWriter open() throws IOException {
        return new BufferedWriter(new OutputStreamWriter(SecretFile.create(file), StandardCharsets.UTF_8));
    }

    /** A code is in the file before the next one is heard. */
    private void write(BufferedWriter codes, ControlAnswer heard) {
        if (heard instanceof ControlAnswer.Lines lines) {
            any = true;
            try {
                for (String line : lines.lines()) {
                    codes.write(line);
                }
                codes.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Nothing was issued: a file without codes would be in the way. */
    private void delete() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // it says nothing
        }
    }
}
