/*
 * Actor-critic on CartPole-v0: an independent reference against which the learning curves of AC and STAC are judged.
 *
 * It shares nothing with the library: its own dynamics, network, derivatives (written out by hand), generator and language. Curves are therefore
 * to be compared as distributions over seeds, never run by run. STAC needs no program of its own: its exact update in the form `official` is
 * AC's with twice the actor rate.
 *
 * Dynamics   Euler, 0.02 s; reward 1 per step; an episode ends beyond |x| = 2.4 or |angle| = 12 degrees, and after 200 steps. The time limit
 *            counts as a termination, as for code that reads Gym's single flag.
 * Networks   4-64-64-2 (logits) and 4-64-64-1 (V), tanh, float; all parameters uniform in +-1/sqrt(fan-in).
 * Iteration  4000 steps from a fresh reset. A trajectory ends with the value B = 0, or with B = V(next observation) where the rollout cuts it.
 *              delta_t = 1 + g V_{t+1} - V_t        A_t = delta_t + g l A_{t+1}        R_t = 1 + g R_{t+1}        g = 0.99, l = 0.97
 *            with V_{t+1} = R_{t+1} = B and A_{t+1} = 0 at the last step; A is shifted and scaled to mean 0 and variance 1 over all steps.
 * Actor      theta <- theta + actor_rate * mean_t A_t grad log pi(a_t | s_t), one step
 * Critic     w <- w - critic_rate * grad mean_t (V(s_t) - R_t)^2, k full-batch steps
 * Generator  xoshiro256**, seeded by splitmix64. Draws: actor, critic (by layer: weights output by output, biases), then in time order four
 *            uniforms for every reset and one for every action.
 *
 * Usage      cartpole_actor_critic [--actor-rate 0.1] [--critic-rate 0.01] [--k 1] [--first-seed 0] [--seeds 1] [--iterations 100] [--threads 1]
 * Output     CSV: seed, iteration (from 1), episode_return_mean (of the episodes that ended in the iteration, with the sampled actions), episodes
 *            (their number; the one that the rollout cuts is left out).
 */
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STEPS = 4000, OBSERVATION = 4, HIDDEN = 64, OUTPUTS = 2, TIME_LIMIT = 200, CHUNK = 200, LANES = 16 };
typedef float Lanes __attribute__((vector_size(LANES * sizeof(float)))); /* LANES floats, arithmetic element by element */
static const double DISCOUNT = 0.99, LAMBDA = 0.97, PI = 3.14159265358979323846;

/* Weights of the hidden layers are [input][output], those of the last one [output][input]; the critic leaves its second output at zero. */
typedef struct {
    float w1[OBSERVATION][HIDDEN], b1[HIDDEN], w2[HIDDEN][HIDDEN], b2[HIDDEN], w3[OUTPUTS][HIDDEN], b3[OUTPUTS];
} Parameters;

typedef struct {
    int outputs;
    Parameters p;
    float h1[STEPS][HIDDEN], h2[STEPS][HIDDEN], out[STEPS][OUTPUTS]; /* the last forward pass */
} Network;

typedef struct {
    uint64_t generator[4];
    double body[4]; /* cart position, cart velocity, pole angle, pole velocity */
    Network actor, critic;
    float observations[STEPS][OBSERVATION], right_probability[STEPS], advantages[STEPS], returns[STEPS];
    int actions[STEPS], is_last[STEPS];                         /* is_last: a trajectory ends with this step ... */
    double final_values[STEPS], raw_advantages[STEPS];          /* ... and this is its B */
    float output_gradient[STEPS][OUTPUTS], d1[CHUNK][HIDDEN], d2[CHUNK][HIDDEN];
    Parameters gradient;
} Learner;

typedef struct {
    double actor_rate, critic_rate, k, first_seed, seeds, iterations, threads;
} Options;

typedef struct {
    double mean_return;
    int episodes;
} Outcome;

/* ---- Generator ---- */

/* Next output of splitmix64, which spreads the seed over the state of xoshiro. */
static uint64_t splitmix64(uint64_t *x) {
    uint64_t z = (*x += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Rotation of 64 bits. */
static uint64_t rotate_left(uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

/* Uniform in [0, 1) with 53 bits, by xoshiro256**. */
static double uniform(uint64_t s[4]) {
    uint64_t result = rotate_left(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0], s[3] ^= s[1], s[1] ^= s[2], s[0] ^= s[3], s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return (double)(result >> 11) * (1.0 / 9007199254740992.0);
}

/* Uniform in [-bound, bound). */
static float uniform_within(uint64_t s[4], double bound) { return (float)((2 * uniform(s) - 1) * bound); }

/* ---- Networks ---- */

/* Draws all parameters from the uniform distribution on +-1/sqrt(fan-in). */
static void initialise(Network *net, int outputs, uint64_t s[4]) {
    const double first = 1 / sqrt(OBSERVATION), other = 1 / sqrt(HIDDEN);
    Parameters *p = &net->p;
    net->outputs = outputs;
    for (int o = 0; o < HIDDEN; o++) for (int i = 0; i < OBSERVATION; i++) p->w1[i][o] = uniform_within(s, first);
    for (int o = 0; o < HIDDEN; o++) p->b1[o] = uniform_within(s, first);
    for (int o = 0; o < HIDDEN; o++) for (int i = 0; i < HIDDEN; i++) p->w2[i][o] = uniform_within(s, other);
    for (int o = 0; o < HIDDEN; o++) p->b2[o] = uniform_within(s, other);
    for (int o = 0; o < outputs; o++) for (int i = 0; i < HIDDEN; i++) p->w3[o][i] = uniform_within(s, other);
    for (int o = 0; o < outputs; o++) p->b3[o] = uniform_within(s, other);
}

/* One or four rows of c += a b, with the sums in registers; a[r][i] lies at a[r * row_stride + i * column_stride]. */
static inline void add_product_rows(float *c, const float *a, int row_stride, int column_stride, const float *b, int depth, const int rows) {
    for (int j = 0; j < HIDDEN; j += LANES) {
        Lanes sums[4], b_row;
        for (int r = 0; r < rows; r++) memcpy(&sums[r], c + r * HIDDEN + j, sizeof(Lanes));
        for (int i = 0; i < depth; i++) {
            memcpy(&b_row, b + i * HIDDEN + j, sizeof(Lanes));
            for (int r = 0; r < rows; r++) sums[r] += a[r * row_stride + i * column_stride] * b_row;
        }
        for (int r = 0; r < rows; r++) memcpy(c + r * HIDDEN + j, &sums[r], sizeof(Lanes));
    }
}

/* c += a b with c [rows][HIDDEN], a [rows][depth] by strides, b [depth][HIDDEN]. */
static void add_product(float *c, const float *a, int row_stride, int column_stride, const float *b, int rows, int depth) {
    if (rows % 4 == 0)
        for (int r = 0; r < rows; r += 4) add_product_rows(c + r * HIDDEN, a + r * row_stride, row_stride, column_stride, b, depth, 4);
    else
        for (int r = 0; r < rows; r++) add_product_rows(c + r * HIDDEN, a + r * row_stride, row_stride, column_stride, b, depth, 1);
}

/* h = tanh(input w + b) for `rows` rows. */
static void hidden_layer(float *h, const float *input, int inputs, const float *w, const float *b, int rows) {
    for (int r = 0; r < rows; r++) memcpy(h + r * HIDDEN, b, HIDDEN * sizeof(float));
    add_product(h, input, inputs, 1, w, rows, inputs);
    for (int i = 0; i < rows * HIDDEN; i++) h[i] = tanhf(h[i]);
}

/* Evaluates the observations x [rows][4] into rows `begin` and on of the network's activations and outputs. */
static void forward(Network *net, const float *x, int begin, int rows) {
    const Parameters *p = &net->p;
    hidden_layer(net->h1[begin], x, OBSERVATION, p->w1[0], p->b1, rows);
    hidden_layer(net->h2[begin], net->h1[begin], HIDDEN, p->w2[0], p->b2, rows);
    for (int r = begin; r < begin + rows; r++)
        for (int q = 0; q < net->outputs; q++) {
            net->out[r][q] = p->b3[q];
            for (int i = 0; i < HIDDEN; i++) net->out[r][q] += p->w3[q][i] * net->h2[r][i];
        }
}

/* Evaluates the whole rollout, chunk by chunk so that a chunk stays in the cache. */
static void forward_rollout(Learner *l, Network *net) {
    for (int begin = 0; begin < STEPS; begin += CHUNK) forward(net, l->observations[begin], begin, CHUNK);
}

/* Adds the parameter gradient of the rows of one chunk, given the gradient of the outputs; w2_transposed is [output][input]. */
static void backward_chunk(Learner *l, const Network *net, float w2_transposed[HIDDEN][HIDDEN], int begin) {
    const Parameters *p = &net->p;
    Parameters *g = &l->gradient;
    memset(l->d1, 0, sizeof l->d1);
    memset(l->d2, 0, sizeof l->d2);
    for (int r = 0; r < CHUNK; r++) {
        const float *h2 = net->h2[begin + r];
        for (int q = 0; q < net->outputs; q++) {
            const float d = l->output_gradient[begin + r][q];
            g->b3[q] += d;
            for (int i = 0; i < HIDDEN; i++) g->w3[q][i] += d * h2[i], l->d2[r][i] += d * p->w3[q][i];
        }
        for (int i = 0; i < HIDDEN; i++) g->b2[i] += l->d2[r][i] *= 1 - h2[i] * h2[i];
    }
    add_product(l->d1[0], l->d2[0], HIDDEN, 1, w2_transposed[0], CHUNK, HIDDEN);
    for (int r = 0; r < CHUNK; r++) {
        const float *h1 = net->h1[begin + r];
        for (int i = 0; i < HIDDEN; i++) g->b1[i] += l->d1[r][i] *= 1 - h1[i] * h1[i];
    }
    add_product(g->w2[0], net->h1[begin], 1, HIDDEN, l->d2[0], HIDDEN, CHUNK);
    add_product(g->w1[0], l->observations[begin], 1, OBSERVATION, l->d1[0], OBSERVATION, CHUNK);
}

/* One step of the network's parameters along the gradient of sum_t output_gradient_t . out_t over the rollout. */
static void ascend(Learner *l, Network *net, double rate) {
    float w2_transposed[HIDDEN][HIDDEN], *p = (float *)&net->p;
    for (int i = 0; i < HIDDEN; i++) for (int o = 0; o < HIDDEN; o++) w2_transposed[o][i] = net->p.w2[i][o];
    memset(&l->gradient, 0, sizeof l->gradient);
    for (int begin = 0; begin < STEPS; begin += CHUNK) backward_chunk(l, net, w2_transposed, begin);
    const float *g = (const float *)&l->gradient, step = (float)rate;
    for (size_t i = 0; i < sizeof(Parameters) / sizeof(float); i++) p[i] += step * g[i];
}

/* ---- Environment ---- */

/* Puts the environment at an initial observation. */
static void reset(Learner *l) {
    for (int i = 0; i < 4; i++) l->body[i] = -0.05 + 0.1 * uniform(l->generator);
}

/* Advances cart (1 kg) and pole (0.1 kg, half-length 0.5 m) by 0.02 s under a force of +-10 N; returns whether the limits are left. */
static int advance(double s[4], int action) {
    const double total_mass = 1.1, pole_moment = 0.05, limit = 12 * 2 * PI / 360, c = cos(s[2]), n = sin(s[2]);
    const double push = ((action ? 10 : -10) + pole_moment * s[3] * s[3] * n) / total_mass;
    const double angular = (9.8 * n - c * push) / (0.5 * (4.0 / 3.0 - 0.1 * c * c / total_mass));
    const double linear = push - pole_moment * angular * c / total_mass;
    s[0] += 0.02 * s[1], s[1] += 0.02 * linear, s[2] += 0.02 * s[3], s[3] += 0.02 * angular;
    return s[0] < -2.4 || s[0] > 2.4 || s[2] < -limit || s[2] > limit;
}

/* ---- Learning ---- */

/* Notes in x what the policy sees. */
static void observe(const Learner *l, float *x) {
    for (int i = 0; i < OBSERVATION; i++) x[i] = (float)l->body[i];
}

/* The critic's value of where the environment stands. */
static double value_of_body(Learner *l) {
    float x[OBSERVATION];
    observe(l, x);
    forward(&l->critic, x, 0, 1);
    return l->critic.out[0][0];
}

/* Plays one rollout with sampled actions; notes observations, actions, probabilities and the ends of trajectories. */
static Outcome collect(Learner *l) {
    double total = 0;
    int length = 0, episodes = 0;
    reset(l);
    for (int t = 0; t < STEPS; t++) {
        observe(l, l->observations[t]);
        forward(&l->actor, l->observations[t], t, 1);
        l->right_probability[t] = 1 / (1 + expf(l->actor.out[t][0] - l->actor.out[t][1]));
        l->actions[t] = uniform(l->generator) < l->right_probability[t];
        const int fell = advance(l->body, l->actions[t]), ended = ++length == TIME_LIMIT || fell, cut = t == STEPS - 1;
        l->is_last[t] = ended || cut;
        l->final_values[t] = cut && !ended ? value_of_body(l) : 0;
        if (!ended) continue;
        total += length, length = 0, episodes++;
        if (!cut) reset(l);
    }
    return (Outcome){ total / episodes, episodes };
}

/* Returns and normalised advantages of the rollout, from the critic's outputs. */
static void estimate_advantages(Learner *l) {
    double advantage = 0, ret = 0, next_value = 0, mean = 0, squares = 0;
    for (int t = STEPS - 1; t >= 0; t--) {
        const double value = l->critic.out[t][0];
        if (l->is_last[t]) next_value = ret = l->final_values[t], advantage = 0;
        advantage = 1 + DISCOUNT * next_value - value + DISCOUNT * LAMBDA * advantage;
        ret = 1 + DISCOUNT * ret;
        l->raw_advantages[t] = advantage;
        l->returns[t] = (float)ret;
        mean += advantage / STEPS;
        next_value = value;
    }
    for (int t = 0; t < STEPS; t++) squares += (l->raw_advantages[t] - mean) * (l->raw_advantages[t] - mean);
    const double deviation = sqrt(squares / STEPS);
    for (int t = 0; t < STEPS; t++) l->advantages[t] = (float)((l->raw_advantages[t] - mean) / deviation);
}

/* One step up the policy gradient; the activations are those of the rollout. */
static void update_actor(Learner *l, double rate) {
    for (int t = 0; t < STEPS; t++) {
        const float d = l->advantages[t] / STEPS * ((float)l->actions[t] - l->right_probability[t]); /* grad log pi by the logits is (-, +)(a - p) */
        l->output_gradient[t][0] = -d, l->output_gradient[t][1] = d;
    }
    ascend(l, &l->actor, rate);
}

/* k steps down the regression loss; the first finds the rollout evaluated. */
static void update_critic(Learner *l, double rate, int k) {
    for (int j = 0; j < k; j++) {
        if (j > 0) forward_rollout(l, &l->critic);
        for (int t = 0; t < STEPS; t++) l->output_gradient[t][0] = 2 * (l->critic.out[t][0] - l->returns[t]) / STEPS;
        ascend(l, &l->critic, -rate);
    }
}

/* Whether x is a number, read from its bits because -ffast-math lets the compiler assume it. */
static int is_finite(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & 0x7f800000u) != 0x7f800000u;
}

/* Trains one seed; returns the outcomes of the iterations, for the caller to free. */
static Outcome *train(const Options *options, int seed) {
    Learner *l = calloc(1, sizeof *l);
    Outcome *outcomes = calloc((size_t)options->iterations, sizeof *outcomes);
    if (!l || !outcomes) { fputs("cartpole_actor_critic: not enough memory; lower --threads or --iterations\n", stderr); exit(1); }
    uint64_t z = 1000003u * (uint64_t)seed + 12345;
    for (int i = 0; i < 4; i++) l->generator[i] = splitmix64(&z);
    initialise(&l->actor, 2, l->generator);
    initialise(&l->critic, 1, l->generator);
    for (int i = 0; i < options->iterations; i++) {
        outcomes[i] = collect(l);
        forward_rollout(l, &l->critic);
        estimate_advantages(l);
        update_actor(l, options->actor_rate);
        update_critic(l, options->critic_rate, (int)options->k);
        if (!is_finite(l->actor.p.b3[0]) || !is_finite(l->critic.p.b3[0])) {
            fprintf(stderr, "cartpole_actor_critic: seed %d diverged in iteration %d: lower --actor-rate or --critic-rate\n", seed, i + 1);
            exit(1);
        }
    }
    free(l);
    return outcomes;
}

/* ---- Command line ---- */

/* Refuses the command line: what was given, what is allowed. */
static void fail(const char *given, const char *allowed) {
    fprintf(stderr, "cartpole_actor_critic: '%s' given; %s\n", given, allowed);
    exit(2);
}

/* Reads `--name value` pairs; everything else is refused. */
static Options parse_options(int count, char **words) {
    Options o = { .actor_rate = 0.1, .critic_rate = 0.01, .k = 1, .first_seed = 0, .seeds = 1, .iterations = 100, .threads = 1 };
    const struct { const char *name; double *value, minimum, maximum; int whole; } table[] = {
        { "--actor-rate", &o.actor_rate, 0, 1000, 0 }, { "--critic-rate", &o.critic_rate, 0, 1000, 0 }, { "--k", &o.k, 0, 1e6, 1 },
        { "--first-seed", &o.first_seed, 0, 1e9, 1 }, { "--seeds", &o.seeds, 1, 1e6, 1 }, { "--iterations", &o.iterations, 1, 1e6, 1 },
        { "--threads", &o.threads, 1, 1024, 1 } };
    for (int i = 1; i < count; i += 2) {
        size_t n = 0;
        while (n < sizeof table / sizeof *table && strcmp(words[i], table[n].name)) n++;
        if (n == sizeof table / sizeof *table)
            fail(words[i], "allowed: --actor-rate --critic-rate --k --first-seed --seeds --iterations --threads, each with a value");
        if (i + 1 == count) fail(words[i], "it needs a value");
        char *end, allowed[96];
        const double value = *table[n].value = strtod(words[i + 1], &end);
        snprintf(allowed, sizeof allowed, "%s takes a %s number from %.0f to %.0f", table[n].name, table[n].whole ? "whole" : "real",
            table[n].minimum, table[n].maximum);
        if (!isdigit((unsigned char)*words[i + 1]) || *end || value < table[n].minimum || value > table[n].maximum
            || (table[n].whole && value != floor(value)))
            fail(words[i + 1], allowed);
    }
#ifndef _OPENMP
    if (o.threads > 1) fail("--threads", "this build has one thread; compile with -fopenmp for more");
#endif
    return o;
}

int main(int count, char **words) {
    const Options options = parse_options(count, words);
    const int first = (int)options.first_seed, iterations = (int)options.iterations;
    puts("seed,iteration,episode_return_mean,episodes");
#pragma omp parallel for ordered schedule(static, 1) num_threads((int)options.threads)
    for (int seed = first; seed < first + (int)options.seeds; seed++) {
        Outcome *outcomes = train(&options, seed);
#pragma omp ordered
        for (int i = 0; i < iterations; i++) printf("%d,%d,%.6f,%d\n", seed, i + 1, outcomes[i].mean_return, outcomes[i].episodes);
        free(outcomes);
    }
    return 0;
}
