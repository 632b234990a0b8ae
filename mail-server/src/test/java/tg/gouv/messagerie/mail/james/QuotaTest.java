package tg.gouv.messagerie.mail.james;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.mail.postgres.QuotaSettings;
import tg.gouv.messagerie.platform.settings.ByteSize;

/** What clients and senders are told of a full account; here it holds 20 KB. */
class QuotaTest {
    private static final String LINE = "0123456789".repeat(9) + "01234567\\r\\n";

    private static TestMail mail;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        mail = new TestMail(TestMail.limited(new QuotaSettings(ByteSize.parse("20KB"), 1000)));
    }

    @AfterAll
    static void stop() throws IOException {
        mail.close();
    }

    /** RFC 9208 sections 4.1, 4.2, 4.3.1, 5.1. */
    @Test
    void isToldToImapClients() throws Exception {
        run("""
                CONNECT imaps TLS
                S: \\* OK .*
                C: a1 LOGIN ${ama} ${secret}
                S: a1 OK.*
                C: a2 CAPABILITY
                S: \\* CAPABILITY (?=.*QUOTA=RES-STORAGE)(?=.*QUOTA=RES-MESSAGE).*
                S: a2 OK.*
                C: a3 GETQUOTAROOT INBOX
                S: \\* QUOTAROOT "?INBOX"? .*&${ama}.*
                S: \\* QUOTA .*&${ama}.* \\(MESSAGE 0 1000\\)
                S: \\* QUOTA .*&${ama}.* \\(STORAGE 0 20\\)
                S: a3 OK.*
                C: a4 APPEND INBOX {15000+}
                REPEAT 150 ${line}
                C:
                S: a4 OK.*
                C: a5 APPEND Archive {15000+}
                REPEAT 150 ${line}
                C:
                S: a5 NO \\[OVERQUOTA\\] .* \\(aide E08\\)
                C: a6 SELECT INBOX
                S..
                S: a6 OK.*
                C: a7 COPY 1 Archive
                S: a7 NO \\[OVERQUOTA\\] .* \\(aide E08\\)
                C: a8 GETQUOTA "#private&${ama}"
                S: \\* QUOTA .* \\(MESSAGE 1 1000\\)
                S: \\* QUOTA .* \\(STORAGE 14 20\\)
                S: a8 OK.*
                C: a9 MOVE 1 Archive
                S..
                S: a9 OK.*
                C: b1 GETQUOTAROOT Archive
                S..
                S: \\* QUOTA .* \\(STORAGE 14 20\\)
                S: b1 OK.*
                C: b2 SELECT Archive
                S..
                S: b2 OK.*
                C: b3 STORE 1 +FLAGS.SILENT (\\Deleted)
                S: b3 OK.*
                C: b4 EXPUNGE
                S..
                S: b4 OK.*
                C: b5 GETQUOTAROOT INBOX
                S: \\* QUOTAROOT .*
                S: \\* QUOTA .* \\(MESSAGE 0 1000\\)
                S: \\* QUOTA .* \\(STORAGE 0 20\\)
                S: b5 OK.*
                C: b6 APPEND INBOX {15000+}
                REPEAT 150 ${line}
                C:
                S: b6 OK.*
                C: b7 SETQUOTA #private&${ama} (STORAGE 1000)
                S: b7 NO .*
                C: b8 GETQUOTA "#private&${kofi}"
                S: b8 NO .*
                """);
    }

    /** RFC 5321 sections 4.2.2, 6.1; RFC 3463 section 3.3; RFC 3464. */
    @Test
    void isToldToSendersAfterAndThenBeforeTheMessage() throws Exception {
        run("""
                CONNECT submissions TLS
                S: 220 .*
                C: EHLO client
                S*: 250-.*
                S: 250 .*
                C: AUTH PLAIN ${ama.plain}
                S: 235 .*
                C: MAIL FROM:<${ama}> SIZE=15000
                S: 250 .*
                C: RCPT TO:<${kofi}>
                S: 250 .*
                C: DATA
                S: 354 .*
                C: From: ${ama}
                C: To: ${kofi}
                C: Subject: un
                C:
                REPEAT 150 ${line}
                C: .
                S: 250 .*
                CONNECT imaps AS kofi TLS
                S: \\* OK .*
                C: a1 LOGIN ${kofi} ${secret}
                S: a1 OK.*
                POLL STATUS INBOX (MESSAGES) => \\* STATUS "?INBOX"? \\(MESSAGES 1\\)
                ON submissions
                C: MAIL FROM:<${ama}> SIZE=15000
                S: 250 .*
                C: RCPT TO:<${kofi}>
                S: 250 .*
                C: DATA
                S: 354 .*
                C: From: ${ama}
                C: To: ${kofi}
                C: Message-ID: <deux@client>
                C: Subject: deux
                C:
                REPEAT 150 ${line}
                C: .
                S: 250 .*
                CONNECT imaps AS ama TLS
                S: \\* OK .*
                C: b1 LOGIN ${ama} ${secret}
                S: b1 OK.*
                POLL STATUS INBOX (MESSAGES) => \\* STATUS "?INBOX"? \\(MESSAGES 1\\)
                C: b2 SELECT INBOX
                S..
                S: b2 OK.*
                C: b3 FETCH 1 BODY.PEEK[HEADER.FIELDS (RETURN-PATH FROM TO AUTO-SUBMITTED IN-REPLY-TO CONTENT-TYPE)]
                S: \\* 1 FETCH .*
                S: Return-Path: <>
                S: From: MAILER-DAEMON@mail\\.gouv\\.test
                S: To: ${ama}
                S: In-Reply-To: <deux@client>
                S: Content-Type: multipart/report; report-type=delivery-status;.*
                S..
                S: Auto-Submitted: auto-replied
                S..
                S: b3 OK.*
                C: b4 FETCH 1 BODY.PEEK[1]
                S: .*
                S: Votre message n'a pas =C3=A9t=C3=A9 remis =C3=A0 : .*
                S..
                S: b4 OK.*
                C: b5 FETCH 1 BODY.PEEK[2]
                S: .*
                S: Reporting-MTA: dns; mail\\.gouv\\.test
                S:
                S: Final-Recipient: rfc822; ${kofi}
                S: Action: failed
                S: Status: 5\\.2\\.2
                S..
                S: b5 OK.*
                C: b6 FETCH 1 BODY.PEEK[3]
                S..
                S: Subject: deux
                S..
                S: b6 OK.*
                ON submissions
                C: MAIL FROM:<${ama}> SIZE=15000
                S: 250 .*
                C: RCPT TO:<${kofi.detail}>
                S: 552 5\\.2\\.2 .*
                C: RSET
                S: 250 .*
                C: MAIL FROM:<${ama}> SIZE=500
                S: 250 .*
                C: RCPT TO:<${kofi}>
                S: 250 .*
                CONNECT smtp
                S: 220 .*
                C: EHLO mx.example.org
                S*: 250-.*
                S: 250 .*
                C: MAIL FROM:<a@example.org> SIZE=15000
                S: 250 .*
                C: RCPT TO:<${kofi}>
                S: 452 4\\.2\\.2 .*
                C: RCPT TO:<${ama}>
                S: 250 .*
                ON kofi
                C: c1 SELECT INBOX
                S..
                S: c1 OK.*
                C: c2 STORE 1 +FLAGS.SILENT (\\Deleted)
                S: c2 OK.*
                C: c3 EXPUNGE
                S..
                S: c3 OK.*
                ON smtp
                C: RCPT TO:<${kofi}>
                S: 250 .*
                """);
    }

    private void run(String script) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("script.txt"), script.replace("${line}", LINE));
        new Script(file, mail.server(), mail.cast()).run();
    }
}
