package tg.gouv.messagerie.mail.rights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.james.core.Domain;
import org.apache.james.core.quota.QuotaCountLimit;
import org.apache.james.core.quota.QuotaCountUsage;
import org.apache.james.core.quota.QuotaSizeLimit;
import org.apache.james.core.quota.QuotaSizeUsage;
import org.apache.james.mailbox.model.Quota;
import org.apache.james.mailbox.model.QuotaRoot;
import org.apache.james.mailbox.quota.QuotaManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** When an account's use is looked at anew. */
class AdditionQuotasTest {
    private static final long GIGABYTE = 1L << 30;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final QuotaRoot root = QuotaRoot.quotaRoot("#private&ama@gouv.tg", Optional.of(Domain.of("gouv.tg")));
    private final AtomicLong used = new AtomicLong();

    @Test
    void muchRoomIsRememberedForAMoment() throws Exception {
        QuotaManager additions = additions(5 * GIGABYTE, 1_000_000);
        assertThat(bytes(additions)).isZero();
        used.set(100);

        assertThat(bytes(additions)).as("within the second").isZero();
        assertThat(bytesLater(additions)).as("within the second").isZero();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (bytes(additions) == 0 && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(bytes(additions)).as("afterwards").isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({"5, 9999", "0, 1000000"})
    void littleRoomIsLookedAtEachTime(long gigabytes, long messages) throws Exception {
        QuotaManager additions = additions(gigabytes * GIGABYTE + 1_000, messages);
        assertThat(bytes(additions)).isZero();
        used.set(1_001);

        assertThat(bytes(additions)).isEqualTo(1_001);
        assertThat(bytesLater(additions)).isEqualTo(1_001);
    }

    private long bytes(QuotaManager additions) throws Exception {
        return additions.getStorageQuota(root).getUsed().asLong();
    }

    private long bytesLater(QuotaManager additions) {
        return Mono.from(additions.getQuotasReactive(root))
                .blockOptional()
                .orElseThrow()
                .getStorageQuota()
                .getUsed()
                .asLong();
    }

    private QuotaManager additions(long bytesMax, long messagesMax) {
        return new AdditionQuotas(new QuotaManager() {
            @Override
            public Quota<QuotaCountLimit, QuotaCountUsage> getMessageQuota(QuotaRoot asked) {
                return Quota.<QuotaCountLimit, QuotaCountUsage>builder()
                        .used(QuotaCountUsage.count(0))
                        .computedLimit(QuotaCountLimit.count(messagesMax))
                        .build();
            }

            @Override
            public Quota<QuotaSizeLimit, QuotaSizeUsage> getStorageQuota(QuotaRoot asked) {
                return Quota.<QuotaSizeLimit, QuotaSizeUsage>builder()
                        .used(QuotaSizeUsage.size(used.get()))
                        .computedLimit(QuotaSizeLimit.size(bytesMax))
                        .build();
            }

            @Override
            public Quotas getQuotas(QuotaRoot asked) {
                return new Quotas(getMessageQuota(asked), getStorageQuota(asked));
            }

            @Override
            public Mono<Quotas> getQuotasReactive(QuotaRoot asked) {
                return Mono.fromCallable(() -> getQuotas(asked));
            }
        });
    }
}
