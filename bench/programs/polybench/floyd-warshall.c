// floyd-warshall: the lengths of the shortest ways between all pairs of nodes
#include "polybench.h"

enum { N = SIZE(60, 180, 500, 2800) };

NOINLINE static void floyd_warshall(int way[N][N]) {
    for (int k = 0; k < N; k++)
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++)
                way[i][j] = way[i][j] < way[i][k] + way[k][j] ? way[i][j] : way[i][k] + way[k][j];
}

int main(int argc, char** argv) {
    MATRIX(int, way, N, N);
    begin(argc, argv);
    floyd_warshall(way);
    FINISH(way);
}
